"""Deputy duty work 代表履职: suggestions and motions, what is promised, meetings, records."""
