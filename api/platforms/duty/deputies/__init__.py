"""The register 名册 of deputies: terms of the congress, and who was elected for which."""
