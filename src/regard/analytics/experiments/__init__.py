"""What did a change do, judged by an experiment that dealt it out by lot?"""
