"""OGC SensorThings API 1.1 (18-088), sensing part, read only: docs/sensorthings.md."""
