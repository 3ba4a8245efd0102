"""The embedded MQTT broker, and the access rule that every broker of a district needs."""
