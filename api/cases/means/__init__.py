"""The steps that each means of supervision asks for by law 监督方式的法定步骤."""
