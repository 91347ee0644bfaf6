"""Gives a newly provisioned domain its branches, its accounts and their rights, while no server runs.

  furnish.py smb.conf sam.ldb < accounts.json

accounts.json: {"reader": password, "replicating": password, "undertaker": password}. Python, because only Samba's own
bindings change a security descriptor offline, and because `samba-tool dsacl` does not find the container of what was
deleted.
"""
import json
import sys

from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB
import ldb

# Replicating Directory Changes ([MS-ADTS] 5.1.3.2.1)
GET_CHANGES = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"

conf, database = sys.argv[1:3]
lp = LoadParm()
lp.load(conf)
samdb = SamDB(url=database, session_info=system_session(), lp=lp)
domain = str(samdb.domain_dn())
domain_sid = security.dom_sid(samdb.get_domain_sid())


def sid_of(account):
    found = samdb.search(base=domain, scope=ldb.SCOPE_SUBTREE,
                         expression="(sAMAccountName=%s)" % account, attrs=["objectSid"])
    return str(ndr_unpack(security.dom_sid, found[0]["objectSid"][0]))


def allow(dn, ace):
    controls = ["show_deleted:1"]
    found = samdb.search(base=dn, scope=ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=controls)
    sd = ndr_unpack(security.descriptor, found[0]["nTSecurityDescriptor"][0])
    text = sd.as_sddl(domain_sid)
    at = text.index("(", text.index("D:"))
    sd = security.descriptor.from_sddl(text[:at] + ace + text[at:], domain_sid)
    message = ldb.Message(ldb.Dn(samdb, dn))
    message["sd"] = ldb.MessageElement(ndr_pack(sd), ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
    samdb.modify(message, controls)


for branch in ["Staff", "Groups", "Former"]:
    samdb.create_ou("OU=%s,%s" % (branch, domain))
for name, password in json.load(sys.stdin).items():
    samdb.newuser(name, password)
allow(domain, "(OA;;CR;%s;;%s)" % (GET_CHANGES, sid_of("replicating")))
allow("CN=Deleted Objects,%s" % domain, "(A;CI;LCRP;;;%s)" % sid_of("undertaker"))
