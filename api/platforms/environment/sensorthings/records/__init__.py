"""The language of SensorThings: kinds of entities, addresses, options and filters; pure."""
