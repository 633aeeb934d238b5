"""An examiner that never comes to an answer."""

import time

if __name__ == "__main__":
    time.sleep(600)
