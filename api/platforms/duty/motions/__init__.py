"""Motions 议案: signed by as many deputies as the law asks for, decided on by the presidium."""
