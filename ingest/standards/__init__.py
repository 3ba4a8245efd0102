"""The Chinese standards: limits, water classes, AQI, and the means that they judge."""
