#!/usr/bin/env python3
"""Exports a record of nasty data in every format, and reads each file with programs that we did not write.

Every cell that a reader finds must be what the record has. What the record has is told by JSON Lines, read by Python's own json
module, which shares no code with Calltrail. Usage: read_back.py PATH-TO-calltrail (needs openpyxl, pandas, duckdb and pyarrow, and
LibreOffice's soffice for its part).
"""

import csv
import datetime as dt
import http.client
import io
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import zoneinfo
from html.parser import HTMLParser
from urllib.parse import urlsplit

import duckdb
import openpyxl
import pandas
import pyarrow.parquet
from openpyxl.utils.escape import unescape

APP = "1400000000"
ZONE = "Europe/Berlin"
LISTS = ["calls", "members", "rooms", "stays", "people", "cases", "deliveries"]

NASTY = [
    'quotes "inside", and a comma',
    "two\nlines",
    "a\r\nb",
    "=cmd|' /C calc'!A0",
    "+1",
    "-5",
    "@x",
    "\ttab",
    "emoji 👩‍⚕️🏳️‍🌈",
    "王医生，值班；夜",
    "עברית مرحبا",
    "\u202eright to left\u202c",
    "1442152128308348551",
    "007",
    "219E01",
    "1e5",
    "10-12",
    "1/2",
    "TRUE",
    "3.10",
    "_x0041_",
    "'apostrophe",
    " spaces ",
    "semi;colon",
    "back\\slash",
    "<b>&amp;</b>",
    "NaN",
    "NULL",
    "None",
    "#N/A",
    "２０２５",
    "x" * 300,
]

# Seconds: the beginning of 1970, the hours around both changes of the clocks in 2025, and a far future.
TIMES = [
    0,
    1,
    1743296399,
    1743296400,
    1743299999,
    1761436799,
    1761436800,
    1761440400,
    1761444000,
    1741231140,
    4102444800,
    253402300000,
]


def run(calltrail, *arguments):
    done = subprocess.run([calltrail, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


class Serve:
    """A running `calltrail serve`, and the way to post to it."""

    def __init__(self, calltrail, folder):
        arguments = ["serve", "--json", "--data-dir", folder, "--app", APP, "--hook", "127.0.0.1:0", "--no-web"]
        self.process = subprocess.Popen([calltrail, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.hook = urlsplit(json.loads(self.process.stdout.readline())["hook"])
        self.connection = http.client.HTTPConnection(self.hook.netloc)

    def post(self, command, body):
        path = f"{self.hook.path}?SdkAppid={APP}&CallbackCommand={command}&contenttype=json&ClientIP=1.2.3.4"
        self.connection.request("POST", path, json.dumps(body, ensure_ascii=False).encode())
        answer = self.connection.getresponse()
        said = answer.read()
        assert answer.status == 200, said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0


def fill(calltrail, folder):
    """A record in which every text is nasty somewhere, and every time is."""
    with Serve(calltrail, folder) as serve:
        tell(calltrail, folder, serve)


def tell(calltrail, folder, serve):
    for nth, text in enumerate(NASTY):
        other = NASTY[(nth + 7) % len(NASTY)]
        start = TIMES[nth % len(TIMES)]
        result = ["NormalEnd", "NotAnswer", "Reject"][nth % 3]
        record = {
            "Caller_Account": text,
            "MediaType": "video",
            "CallType": "SingleCall",
            "StartTime": start,
            "EndTime": start + 6,
            "AcceptTime": start + 2 if result == "NormalEnd" else 0,
            "CallResult": result,
            "CalleeList_Account": [other, f"user-{nth}"],
            "RoomId": text,
            "RoomIdType": 2,
        }
        event = {"CallbackCommand": "Call.CallbackAfterEndCall", "CallId": f"{text} #{nth}", "EventTime": (start + 6) * 1000}
        serve.post("Call.CallbackAfterEndCall", {**event, "CallRecord": record})
        room = {"RoomId": text, "RoomName": other, "RoomType": "Live", "Owner_Account": other, "CreateTime": start}
        serve.post("Live.CallbackAfterCreateRoom", {"CallbackCommand": "Live.CallbackAfterCreateRoom", "RoomInfo": room, "EventTime": start * 1000})
        for after, kind, cause in [(1001, "Online", "Enter"), (6123, "Offline", "Leave")]:
            members = [{"Member_Account": text}, {"Member_Account": f"user-{nth}"}]
            event = {"RoomId": text, "EventType": kind, "EventCause": cause, "MemberList": members, "EventTime": start * 1000 + after}
            serve.post("Live.CallbackAfterMemberStateChanged", {"CallbackCommand": "Live.CallbackAfterMemberStateChanged", **event})
    # While it runs, so that the commands go through it, as they do on a desk.
    contacts = io.StringIO()
    writer = csv.writer(contacts)
    writer.writerow(["user", "name", "team", "comment"])
    # An import refuses what a spreadsheet writes where a formula went wrong.
    names = [text for text in NASTY if text != "#N/A"]
    for nth, text in enumerate(names):
        writer.writerow([f"user-{nth}", text, names[(nth + 3) % len(names)], names[(nth + 5) % len(names)]])
    file = pathlib.Path(folder, "contacts.csv")
    file.write_text(contacts.getvalue(), encoding="utf-8", newline="")
    run(calltrail, "--data-dir", folder, "contacts", "import", str(file), "--map", "user=user,name=name,team=team,comment=comment")
    for nth, text in enumerate(NASTY):
        run(calltrail, "--data-dir", folder, "note", "add", f"--call={text} #{nth}", "--", text)
        run(calltrail, "--data-dir", folder, "tag", "add", "--", f"tag {text}".replace("\r", " ").replace("\n", " ")[:200].strip(), f"{text} #{nth}")


class Truth:
    """What the record has of a list: its columns, and a dictionary for each row."""

    def __init__(self, lines):
        self.rows = [json.loads(line) for line in lines.splitlines()]
        self.columns = list(self.rows[0]) if self.rows else []


TIME_COLUMNS = {
    "started", "answered", "ended", "invited", "joined", "left", "entered", "created", "received",
    "first_seen", "last_seen", "first_missed", "last_missed", "closed", "until",
}
MILLISECONDS = {"stays", "deliveries"}
faults = []
compared = 0


def same(reader, kind, column, row, found, wanted):
    global compared
    compared += 1
    if found != wanted:
        faults.append(f"{reader}, {kind}, row {row}, {column}: {found!r} instead of {wanted!r}")


def instant(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def local(kind, text, zone):
    """A time as a text of a CSV file is."""
    moment = instant(text).astimezone(zoneinfo.ZoneInfo(zone))
    text = moment.strftime("%Y-%m-%d %H:%M:%S")
    return f"{moment.year:04}{text[text.index('-'):]}" + (f".{moment.microsecond // 1000:03}" if kind in MILLISECONDS else "")


def joined(values):
    return "; ".join(values) if any(values) else ""


def as_text(kind, column, value, zone):
    """A value as a CSV file has it."""
    if value is None:
        return ""
    if column in TIME_COLUMNS:
        return local(kind, value, zone)
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return joined(value)
    return str(value)


def texts(reader, kind, truth, rows, zone=ZONE, change=lambda text: text):
    """Compares rows of texts, a header first."""
    rows = list(rows)
    same(reader, kind, "header", 0, rows[0] if rows else [], truth.columns)
    same(reader, kind, "rows", 0, len(rows) - 1, len(truth.rows))
    for nth, (found, wanted) in enumerate(zip(rows[1:], truth.rows)):
        for column, cell in zip(truth.columns, found):
            same(reader, kind, column, nth, change(cell), as_text(kind, column, wanted[column], zone))


def unguarded(text):
    return text.removeprefix("'")


def read_csv(kind, truth, file):
    with open(file, encoding="utf-8", newline="") as lines:
        texts("csv", kind, truth, csv.reader(lines))
    frame = pandas.read_csv(file, dtype=str, keep_default_na=False, na_filter=False)
    texts("pandas.read_csv", kind, truth, [list(frame.columns), *frame.values.tolist()])
    table = duckdb.sql(f"select * from read_csv('{file}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"', nullstr='\u0001')")
    texts("DuckDB read_csv", kind, truth, [table.columns, *map(list, table.fetchall())])


def in_workbook(kind, column, value, zone, words):
    """A value as a cell of a workbook is: texts, numbers, times without a zone, and lengths of time."""
    if value is None or value == "" or value is False or value == []:
        return None
    if column in TIME_COLUMNS:
        moment = instant(value).astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)
        # Workbooks begin with 1900 and end with 9999.
        return moment if 1900 <= moment.year <= 9999 else local(kind, value, zone)
    if words and column.endswith("seconds"):
        return dt.timedelta(seconds=value)
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, list):
        return joined(value) or None
    return value


def of_cell(value, escaped=True):
    if isinstance(value, str):
        return (unescape(value) if escaped else value).replace("\r\n", "\n")
    if isinstance(value, dt.time):
        return dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, dt.datetime):
        return (value + dt.timedelta(microseconds=500)).replace(microsecond=(value + dt.timedelta(microseconds=500)).microsecond // 1000 * 1000)
    return value


def sheets(book, kind):
    """The rows of all sheets of a list, a header first."""
    rows = []
    for sheet in book.worksheets[1:]:
        found = [list(row) for row in sheet.iter_rows(values_only=True)]
        rows += found if not rows else found[1:]
    return rows


def read_xlsx(reader, kind, truth, file, words=False, escaped=True):
    book = openpyxl.load_workbook(file)
    rows = sheets(book, kind)
    if not words:
        same(reader, kind, "header", 0, rows[0] if rows else [], truth.columns)
    same(reader, kind, "rows", 0, len(rows) - 1, len(truth.rows))
    formulas = [cell.coordinate for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    same(reader, kind, "formulas and links", 0, formulas, [])
    for nth, (found, wanted) in enumerate(zip(rows[1:], truth.rows)):
        for column, cell in zip(truth.columns, found):
            value = in_workbook(kind, column, wanted[column], ZONE, words)
            value = value.replace("\r\n", "\n") if isinstance(value, str) else value
            if isinstance(value, dt.timedelta) and isinstance(cell, dt.datetime):
                cell = cell - dt.datetime(1899, 12, 30)
            same(reader, kind, column, nth, of_cell(cell, escaped), value)


def with_types(reader, kind, truth, rows):
    """Compares rows of values with types: dictionaries, times in UTC."""
    same(reader, kind, "rows", 0, len(rows), len(truth.rows))
    for nth, (found, wanted) in enumerate(zip(rows, truth.rows)):
        for column in truth.columns:
            cell, value = found.get(column), wanted[column]
            if column in TIME_COLUMNS and value is not None:
                value = instant(value)
                cell = instant(cell) if isinstance(cell, str) else cell
                cell = cell.replace(tzinfo=cell.tzinfo or dt.timezone.utc) if cell is not None else None
            same(reader, kind, column, nth, cell, value)


def read_parquet(kind, truth, file):
    with_types("pyarrow", kind, truth, pyarrow.parquet.read_table(file).to_pylist())
    table = duckdb.sql(f"select * from read_parquet('{file}')").to_arrow_table()
    with_types("DuckDB read_parquet", kind, truth, table.to_pylist())


def read_jsonl(kind, truth, file):
    table = duckdb.sql(f"select * from read_json('{file}', format='newline_delimited')").to_arrow_table()
    with_types("DuckDB read_json", kind, truth, table.to_pylist())
    frame = pandas.read_json(file, lines=True, dtype=False)
    rows = json.loads(frame.to_json(orient="records", force_ascii=False))
    with_types("pandas.read_json", kind, truth, rows)


def soffice(folder, *arguments):
    office = pathlib.Path(folder, "office")
    command = ["soffice", f"-env:UserInstallation=file://{office}", "--headless", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def read_office(kind, truth, folder, files):
    """LibreOffice opens the workbook and the CSV file for spreadsheets, and saves what it understood as a workbook."""
    out = pathlib.Path(folder, "opened")
    soffice(folder, "--convert-to", "xlsx", "--outdir", out, files["xlsx"])
    # What it saves has no escapes, though it reads them.
    read_xlsx("LibreOffice, workbook", kind, truth, out / files["xlsx"].name, escaped=False)
    # Comma, quotes, UTF-8, from the first line, no column forced to be a text, language en-US, quoted texts are not forced.
    soffice(folder, "--infilter=CSV:44,34,76,1,,1033,false,true,false", "--convert-to", "xlsx", "--outdir", out, files["spreadsheet"])
    book = openpyxl.load_workbook(out / files["spreadsheet"].with_suffix(".xlsx").name)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    same("LibreOffice, CSV", kind, "header", 0, rows[0], truth.columns)
    for nth, (found, wanted) in enumerate(zip(rows[1:], truth.rows)):
        for column, cell in zip(truth.columns, found):
            value = wanted[column]
            if column in TIME_COLUMNS or isinstance(value, int) and not isinstance(value, bool):
                continue
            # A short id of digits alone may become a number: nothing of it is lost.
            text = "" if cell is None else unguarded(of_cell(cell, escaped=False)) if isinstance(cell, str) else str(cell)
            same("LibreOffice, CSV", kind, column, nth, text, as_text(kind, column, value, ZONE).replace("\r\n", "\n"))


def seen(text):
    """A text as a page shows it: what cannot be seen is written out."""
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    unseen = "\u200d\u202c\u202e"
    return "".join(named.get(sign) or (f"\\u{{{ord(sign):04X}}}" if sign in unseen else sign) for sign in text)


class Tables(HTMLParser):
    """The cells of a page's tables: for each table its rows, each cell its text and whether that is of the record."""

    def __init__(self, page):
        super().__init__()
        self.tables, self.cell = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.cell = ["", False]
        elif tag == "bdi" and self.cell is not None:
            self.cell[1] = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[-1][-1].append(tuple(self.cell))
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell[0] += data


def read_report(calltrail, folder, data, truth, office):
    """The report as a page: its calls are the record's, and LibreOffice understands each cell of it as it is written."""
    file = pathlib.Path(folder, "report.html")
    run(calltrail, "--data-dir", data, "report", "--from", "1970-01-01", "--to", "9999-12-30", "--tz", ZONE, "--language", "en", "-o", str(file))
    tables = Tables(file.read_text(encoding="utf-8")).tables
    head = ["Started", "Result", "Caller name", "Caller", "Callee names", "Callees", "Ring time", "Talk time"]
    [calls] = [rows[1:] for rows in tables if [cell for cell, _ in rows[0]] == head]
    found = sorted((cells[0][0], cells[3][0], cells[5][0]) for cells in calls)
    wanted = sorted((local("calls", row["started"], ZONE), seen(row["caller"]), seen(joined(row["callees"]))) for row in truth.rows)
    same("html.parser, report", "calls", "rows", 0, len(found), len(wanted))
    for nth, (found, wanted) in enumerate(zip(found, wanted)):
        same("html.parser, report", "calls", "started, caller, callees", nth, found, wanted)
    if office:
        understood(folder, file, [cells for rows in tables for cells in rows])


def understood(folder, file, rows):
    """Compares the rows of a page with those that LibreOffice makes of it, in their order."""
    out = pathlib.Path(folder, "opened")
    soffice(folder, "--infilter=HTML (StarCalc)", "--convert-to", "xlsx", "--outdir", out, file)
    [sheet] = openpyxl.load_workbook(out / file.with_suffix(".xlsx").name).worksheets
    formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    same("LibreOffice, report", "page", "formulas", 0, formulas, [])
    # Tables of different widths share its columns, so some cells reach over several: what is there counts, and its order.
    lines = (there(map(plain, line)) for line in sheet.iter_rows(values_only=True))
    for nth, row in enumerate(rows):
        wanted = there(map(shrunk, row))
        # Paragraphs and charts stand between the tables, in rows of their own.
        line = next((line for line in lines if line[:1] == wanted[:1]), [])
        for at in range(max(len(wanted), len(line))):
            found, cell = [cells[at] if at < len(cells) else None for cells in (line, wanted)]
            same("LibreOffice, report", "page", f"cell {at}", nth, found, cell)


def there(cells):
    return [cell for cell in cells if cell is not None]


def shrunk(cell):
    """What is left of the text of a cell: pages have no spaces at its ends and no two beside each other."""
    text, is_of_the_record = cell
    text = " ".join(text.split(" ")).strip(" ")
    number = text.replace(",", "")
    return float(number) if number.isdigit() and not is_of_the_record else text or None


def plain(value):
    if isinstance(value, (int, float)):
        return float(value)
    # Only what it saves as escaped is: it reads a text as it is.
    return (unescape(value) if "_x005F_" in value else value).strip(" ") if isinstance(value, str) else value


def main():
    calltrail = sys.argv[1]
    with tempfile.TemporaryDirectory() as home:
        folder = str(pathlib.Path(home, "data"))
        fill(calltrail, folder)
        office = shutil.which("soffice") is not None
        for kind in LISTS:
            def export(name, *options):
                file = pathlib.Path(home, name)
                run(calltrail, "--data-dir", folder, "export", kind, "-o", str(file), "--tz", ZONE, *options)
                return file

            lines = export(f"{kind}.jsonl", "--format", "jsonl")
            truth = Truth(lines.read_text(encoding="utf-8"))
            if kind == "deliveries":
                # Its lines are those of the import; the list itself is in Parquet.
                truth = Truth("")
                table = pyarrow.parquet.read_table(export("deliveries.parquet", "--format", "parquet")).to_pylist()
                rows = [{name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in row.items()} for row in table]
                truth.rows, truth.columns = rows, list(rows[0])
            assert truth.rows, f"there are {kind}"
            files = {"xlsx": export(f"{kind}.xlsx", "--format", "xlsx", "--headings", "names")}
            files["spreadsheet"] = export(f"{kind}-spreadsheet.csv", "--format", "csv", "--profile", "spreadsheet")
            read_csv(kind, truth, export(f"{kind}.csv", "--format", "csv"))
            with open(files["spreadsheet"], encoding="utf-8-sig", newline="") as text:
                texts("csv, for spreadsheets", kind, truth, csv.reader(text), change=unguarded)
            read_xlsx("openpyxl", kind, truth, files["xlsx"])
            read_xlsx("openpyxl, in words", kind, truth, export(f"{kind}-en.xlsx", "--format", "xlsx", "--headings", "en"), words=True)
            if kind != "deliveries":
                read_parquet(kind, truth, export(f"{kind}.parquet", "--format", "parquet"))
                read_jsonl(kind, truth, lines)
            if office:
                read_office(kind, truth, home, files)
            if kind == "calls":
                read_report(calltrail, home, folder, truth, office)
            print(f"{kind}: {len(truth.rows)} rows, {compared} cells so far, {len(faults)} faults", flush=True)
    print("\n".join(faults[:60]))
    if not office:
        print("soffice is not installed: LibreOffice was not asked")
    print(f"{compared} cells compared, {len(faults)} differ")
    sys.exit(1 if faults or not compared else 0)


if __name__ == "__main__":
    main()
