"""The daemons of the suite, and boto3 clients whose every response is checked as it arrives."""
import contextlib
import os

import boto3
import botocore.config
import checker
import demo_data
import raw
from consortium import Consortium
from howto import PARTNER, RETAILER

OUTSIDER, STRICT = "222222222222", "333333333333"
MEMBERS = [(RETAILER, "Acme Retail"), (PARTNER, "AdTech Partner"), (OUTSIDER, "Outsider"), (STRICT, "By the Book")]


class Consortia(Consortium):
    def be_strict(self, account):
        with open(self.path(account, "member.yaml")) as file:
            text = file.read()
        assert "mode: extended" in text
        with open(self.path(account, "member.yaml"), "w") as file:
            file.write(text.replace("mode: extended", "mode: strict"))

    def add_things(self, account):
        os.makedirs(self.path(account, "data"), exist_ok=True)
        with open(self.path(account, "data/things.csv"), "w") as file:
            file.write("id,value\n" + "".join(f"{number},{number % 7}\n" for number in range(50)))
        self.add_to_configuration(account, "\ncatalog:\n  stock:\n    things:\n      source: {csv: data/things.csv}\n")

    def connection(self, account):
        return raw.Connection.from_profile(os.path.join(self.folder, "aws", "config"),
                                           os.path.join(self.folder, "aws", "credentials"), self.profile(account))

    def boto(self, account, **more):
        """A boto3 client by the profile that `cleanroom init` wrote."""
        os.environ["AWS_CONFIG_FILE"] = os.path.join(self.folder, "aws", "config")
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.path.join(self.folder, "aws", "credentials")
        session = boto3.Session(profile_name=self.profile(account))
        config = botocore.config.Config(retries={"max_attempts": 0}, **more)
        return checked(session.client("cleanrooms", config=config))


def checked(client):
    client.meta.events.register("after-call.cleanrooms.*", check_response)
    return client


def check_response(http_response, parsed, model, **_):
    found = checker.problems(model, http_response.status_code, http_response.headers, http_response.content)
    assert not found, f"{model.name}: {found}: {http_response.content[:2000]!r}"


@contextlib.contextmanager
def started(binary, folder):
    with Consortia(binary, folder / "consortium", MEMBERS) as made:
        made.init()
        demo_data.write_demo(made.path(RETAILER, "data"), made.path(PARTNER, "data"), 0.01)
        made.add_to_configuration(RETAILER, demo_data.RETAIL_CATALOG)
        made.add_to_configuration(PARTNER, demo_data.PARTNER_CATALOG)
        made.be_strict(STRICT)
        made.add_things(OUTSIDER)
        yield made.start()
