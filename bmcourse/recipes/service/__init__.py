"""From a raw file to a served model: contract, features, server, load, drift, roll-back."""
