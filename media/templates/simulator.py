"""A tank whose outlet valve is turned: replace it by your own simulator.

For every line of JSON on stdin, one line of JSON on stdout; print nothing else there. `describe` names the variables,
`reset` begins one episode for each seed, `step` takes one action for each episode and tells rewards and new states.
"""
import json, math, random, sys

VARIABLES = {
    "states": [{"name": "level", "unit": "m", "range": [0, 10]}, {"name": "valve", "unit": "1", "range": [0, 1]}],
    "actions": [{"name": "turn", "unit": "1", "range": [-0.1, 0.1]}],
}

class Tank:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.level, self.valve = self.random.uniform(2, 8), 0.5

    def step(self, turn):
        self.valve = min(1, max(0, self.valve + turn))
        inflow = 1 + self.random.gauss(0, 0.05)
        self.level = min(10, max(0, self.level + 0.5 * (inflow - self.valve * math.sqrt(self.level))))
        return -abs(self.level - 4)

for line in sys.stdin:
    request = json.loads(line)
    answer = {"id": request["id"], **(VARIABLES if request["do"] == "describe" else {})}
    if request["do"] == "reset":
        tanks = [Tank(seed) for seed in request["seeds"]]
    if request["do"] == "step":
        answer["rewards"] = [tank.step(*action) for tank, action in zip(tanks, request["actions"])]
    if request["do"] != "describe":
        answer["states"] = [[tank.level, tank.valve] for tank in tanks]
    print(json.dumps(answer), flush=True)
