"""Routes over the network: official hosts, and the npm client."""
