"""Gives an entry of the domain one more access control entry, or takes it away again; the server may run meanwhile.

  access.py smb.conf sam.ldb give|take DN ACE

ACE: as SDDL writes it, such as (D;;LC;;;AU). Python, because `samba-tool dsacl` only gives.
"""
import sys

from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB
import ldb

conf, database, action, dn, ace = sys.argv[1:6]
lp = LoadParm()
lp.load(conf)
samdb = SamDB(url=database, session_info=system_session(), lp=lp)
domain_sid = security.dom_sid(samdb.get_domain_sid())

found = samdb.search(base=dn, scope=ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"])
text = ndr_unpack(security.descriptor, found[0]["nTSecurityDescriptor"][0]).as_sddl(domain_sid)
first = text.index("(", text.index("D:"))
text = text.replace(ace, "") if action == "take" else text[:first] + ace + text[first:]
message = ldb.Message(ldb.Dn(samdb, dn))
packed = ndr_pack(security.descriptor.from_sddl(text, domain_sid))
message["sd"] = ldb.MessageElement(packed, ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
samdb.modify(message)
