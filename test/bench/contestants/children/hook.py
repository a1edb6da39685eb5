import json
import sys

json.load(sys.stdin)
sys.stdout.write('{"action":"continue"}')
