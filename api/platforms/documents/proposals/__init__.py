"""Citizens' proposals, and demands of organs, that a normative document be reviewed."""
