"""Speed, as ratios against core Odoo or hand-written SQL in the same run."""
