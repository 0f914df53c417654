"""How far apart are two figures, and could that be chance?"""
