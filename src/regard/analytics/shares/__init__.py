"""What part of the answers, customers or threads did something?"""
