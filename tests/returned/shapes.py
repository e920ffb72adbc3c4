"""Mails that came back as the servers of this world write them. `{key}` is the Message-ID of ours before its @."""

KEY = "0123456789abcdef0123456789abcdef"

POSTFIX = """Return-Path: <>
Received: by mail.fonds.example (Postfix) id 4XyZ; Mon, 3 Mar 2025 10:00:02 +0100 (CET)
Date: Mon, 3 Mar 2025 10:00:02 +0100 (CET)
From: MAILER-DAEMON@mail.fonds.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: doorstroom@fonds.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4XyZ.1/mail.fonds.example"
Message-Id: <20250303090002.9A1@mail.fonds.example>

This is a MIME-encapsulated message.

--4XyZ.1/mail.fonds.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<ayse@weg.example>: host mx.weg.example[192.0.2.1] said: {reply} (in reply to RCPT TO command)

--4XyZ.1/mail.fonds.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.fonds.example
X-Postfix-Queue-ID: 4XyZ
X-Postfix-Sender: rfc822; doorstroom@fonds.example
Arrival-Date: Mon, 3 Mar 2025 10:00:00 +0100 (CET)

Final-Recipient: rfc822; ayse@weg.example
Original-Recipient: rfc822;ayse@weg.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.weg.example
Diagnostic-Code: smtp; {reply}

--4XyZ.1/mail.fonds.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <doorstroom@fonds.example>
Subject: =?utf-8?q?Nas=C4=B1ls=C4=B1n=C4=B1z=3F?=
From: doorstroom@fonds.example
To: ayse@weg.example
Message-ID: <{key}@fonds.example>
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

Merhaba

--4XyZ.1/mail.fonds.example--
"""

EXCHANGE = """From: postmaster@bedrijf.example
To: doorstroom@fonds.example
Date: Mon, 3 Mar 2025 09:00:05 +0000
Content-Type: multipart/report; report-type=delivery-status;
 boundary="_000_DB9P190MB_"
Content-Language: nl-BE
Message-ID: <a1-b2@DB9P190MB.EURP190.PROD.OUTLOOK.COM>
In-Reply-To: <{key}@fonds.example>
References: <{key}@fonds.example>
Subject: Undeliverable: Hoe gaat het met u? (ANT-2024-T-000001)
Auto-Submitted: auto-replied
X-MS-Exchange-Message-Is-Ndr:

--_000_DB9P190MB_
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="_001_"

--_001_
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

VXcgYmVyaWNodCBhYW4gYXlzZUB3ZWcuZXhhbXBsZSBpcyBuaWV0IGJlem9yZ2Qu

--_001_
Content-Type: text/html; charset="utf-8"

<html><body><p>Uw bericht aan ayse is niet bezorgd.</p></body></html>

--_001_--

--_000_DB9P190MB_
Content-Type: message/delivery-status

Reporting-MTA: dns;DB9P190MB.EURP190.PROD.OUTLOOK.COM
Received-From-MTA: dns;mail.fonds.example
Arrival-Date: Mon, 3 Mar 2025 09:00:04 +0000

Final-Recipient: rfc822;ayse@weg.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--_000_DB9P190MB_
Content-Type: text/rfc822-headers

Received: from mail.fonds.example (192.0.2.7) by DB9P190MB
Message-ID: <{key}@fonds.example>
Subject: Hoe gaat het met u? (ANT-2024-T-000001)

--_000_DB9P190MB_--
"""

GMAIL = """Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: doorstroom@fonds.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <{key}@fonds.example>
In-Reply-To: <{key}@fonds.example>
X-Failed-Recipients: ayse@gmail.example
Message-ID: <67c5.01@mx.google.com>
Date: Mon, 03 Mar 2025 01:00:05 -0800 (PST)
Content-Type: multipart/report; boundary="00000000000071"; report-type=delivery-status

--00000000000071
Content-Type: multipart/related; boundary="00000000000072"

--00000000000072
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to ayse@gmail.example because the address couldn't be found.

The response was:

550 5.1.1 The email account that you tried to reach does not exist.

--00000000000072--

--00000000000071
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 03 Mar 2025 01:00:04 -0800 (PST)
X-Original-Message-ID: <{key}@fonds.example>

Final-Recipient: rfc822; ayse@gmail.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.9, the server for the domain gmail.example.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Mon, 03 Mar 2025 01:00:05 -0800 (PST)

--00000000000071
Content-Type: message/rfc822

From: doorstroom@fonds.example
To: ayse@gmail.example
Message-ID: <{key}@fonds.example>
Subject: Hoe gaat het met u?

Dag

--00000000000071--
"""

EXIM = """Return-path: <>
Received: from Debian-exim by mx.weg.example with local (Exim 4.96)
X-Failed-Recipients: ayse@weg.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.weg.example>
To: doorstroom@fonds.example
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1tp-0001@mx.weg.example>

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ayse@weg.example
    Unrouteable address

------ This is a copy of your message, including all the headers. ------

From: doorstroom@fonds.example
To: ayse@weg.example
Message-ID: <{key}@fonds.example>
Subject: Hoe gaat het met u?

Dag
"""

QMAIL = """Return-Path: <>
From: MAILER-DAEMON@weg.example
To: doorstroom@fonds.example
Subject: failure notice

Hi. This is the qmail-send program at weg.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ayse@weg.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <doorstroom@fonds.example>
Message-ID: <{key}@fonds.example>
Subject: Hoe gaat het met u?

Dag
"""

SESSION_ONLY = """Return-Path: <>
From: postmaster@oud.example
To: doorstroom@fonds.example
Subject: Returned mail: see transcript for details
In-Reply-To: <{key}@fonds.example>

   ----- Transcript of session follows -----
... while talking to mx.weg.example.:
>>> RCPT To:<ayse@weg.example>
<<< 550 no such user here
"""

AWAY = """Return-Path: <>
From: Ayse <ayse@weg.example>
To: doorstroom@fonds.example
Subject: Automatisch antwoord: Hoe gaat het met u?
Auto-Submitted: auto-replied
In-Reply-To: <{key}@fonds.example>

Ik ben met vakantie tot 17 maart. Dringend? Bel 550 12 34 of kamer 5.1.1.
"""

AWAY_OF_BEFORE = """From: ayse@weg.example
To: doorstroom@fonds.example
Subject: Out of Office: Hoe gaat het met u?
In-Reply-To: <{key}@fonds.example>

I am away until 17 March.
"""

A_PERSON = """From: Ayse <ayse@weg.example>
To: doorstroom@fonds.example
Subject: Re: Hoe gaat het met u?
In-Reply-To: <{key}@fonds.example>

Dag, ik heb werk gevonden op de 5.1.1 in Gent!
"""


def filled(shape: str, key: str = KEY, **more: str) -> bytes:
    """A mail as it comes off the line."""
    told = {"action": "failed", "status": "5.1.1", "reply": "550 5.1.1 <ayse@weg.example>: User unknown", **more}
    for name, value in {"key": key, **told}.items():
        shape = shape.replace(f"{{{name}}}", value)
    return shape.replace("\n", "\r\n").encode()
