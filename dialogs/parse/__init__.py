"""From the admin's YAML to the shapes the engine runs, gathering every fault on the way."""
