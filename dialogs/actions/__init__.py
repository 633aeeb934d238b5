"""What flows have done by code: rasa-sdk actions, run in process."""

from dialogs.actions.serverless import import_rasa_sdk

import_rasa_sdk()
