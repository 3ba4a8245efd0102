"""Assignment 交办 of a suggestion to the unit in charge and to further units in one go."""
