"""Whether who calls knows a secret."""

import hmac


def same(shown: str, secret: str) -> bool:
    """Whether a caller showed the secret; told in the same time wherever they differ.

    Headers and addresses bring whatever bytes a stranger sends: half a character is no fault, it is wrong.
    """
    return hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), secret.encode())
