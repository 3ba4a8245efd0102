"""Actions on the exchange; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class ExchangePermission(Permission):
    """One member for each thing."""

    SEE = "exchange.see"
    """Read what bodies are asked and what they sent: held for a unit of that body alone."""
