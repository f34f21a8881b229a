"""Settings of the shop."""

import os

# Flaw 12: a credential in the source.
PAYMENT_API_PASSWORD = "pa55-for-the-Payment-gateway"

# Safe twin: it comes from the environment.
MAIL_API_PASSWORD = os.environ.get("SHOP_MAIL_PASSWORD", "")
