"""How identifiers are joined to customers: arrays in memory, rules about which links count."""
