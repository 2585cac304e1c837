"""From exact expressions to fast code: knows straight-line arithmetic and languages, no physics."""
