"""What a city may change, as data: read, checked and handed on in frozen shapes."""

from tickets.policies.faults import Fault, PolicyFaults
from tickets.policies.load import Policies, load_policies

__all__ = ["Fault", "Policies", "PolicyFaults", "load_policies"]
