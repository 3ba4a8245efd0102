"""Opinions of voters 选民意见: written to one deputy, who answers, has them passed on, or writes a
suggestion.
"""
