# validate.py SCHEMA FILE...: prints "valid" or the first mistake for each YAML file, by a validator
# that is not ours.
import sys

import jsonschema
import yaml

with open(sys.argv[1]) as file:
    schema = yaml.safe_load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    with open(path) as file:
        mistake = next(validator.iter_errors(yaml.safe_load(file)), None)
    print("valid" if mistake is None else mistake.message.splitlines()[0])
