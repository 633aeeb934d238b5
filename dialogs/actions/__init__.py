"""What flows have done by code: rasa-sdk actions, run in process."""
