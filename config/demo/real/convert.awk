# SPDX-License-Identifier: EUPL-1.2
# Turns uk_pipeline.csv into one plan file a body. Rules in README.md. Run in this folder:
#   awk -f convert.awk -v out=plans organisations.conf ../../reference/nuts_uk_2021.csv \
#     uk_pipeline.csv
# -v only_right=1 leaves out the rows that a broker refuses; a body without any other row gets no
# file. Wants a POSIX awk (mawk, gawk, busybox).

BEGIN {
    RATE = 11775 # EUR for 10,000 GBP
    HEADER = "line,title,cpv,value,currency,delivery_from,delivery_to,nuts,languages"
}

# ---- organisations.conf: name -> id

FILENAME ~ /organisations\.conf$/ {
    if ($1 == "organisation") {
        split($0, part, "\"")
        id = part[2]
    } else if ($1 == "name") {
        split($0, part, "\"")
        id_of[part[2]] = id
    }
    next
}

# ---- the list of NUTS codes

FILENAME ~ /nuts_uk_2021\.csv$/ {
    split($0, part, ",")
    listed[part[1]] = 1
    next
}

# ---- uk_pipeline.csv: RFC 4180, a quoted field may hold commas, quotes and line ends

{
    record = record == "" ? $0 : record "\n" $0
    if (gsub(/"/, "\"", record) % 2 == 1)
        next # a quoted field goes on in the next line
    fields(record)
    record = ""
    if (!columns)
        header()
    else
        convert()
}

END {
    if (failed)
        exit 1
}

function header(    i)
{
    columns = count
    for (i = 1; i <= count; i++) {
        place[field[i]] = i
        name[i] = field[i]
    }
}

# Splits a record into field[1..count].
function fields(text,    i, c, quoted, value)
{
    count = 0
    quoted = 0
    value = ""
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\"" && quoted && substr(text, i + 1, 1) == "\"") {
            value = value c
            i++
        } else if (c == "\"") {
            quoted = !quoted
        } else if (c == "," && !quoted) {
            field[++count] = value
            value = ""
        } else if (c != "\r" || quoted) {
            value = value c
        }
    }
    field[++count] = value
}

function get(column)
{
    return field[place[column]]
}

function convert(    body, title, cpv, total, to, value, row)
{
    body = id_of[get("organisation")]
    if (body == "") {
        print "no organisation of this name: " get("organisation") > "/dev/stderr"
        failed = 1
        return
    }
    title = get("title")
    cpv = get("cpv")
    if (cpv == "" && get("cpv_inferred") != "") {
        cpv = get("cpv_inferred")
        title = title " [CPV inferred]"
    }
    total = spend()
    to = last_year ? last_year "-03-31" : ""
    value = total > 0 ? euro(total) : ""
    if (only_right && refused(cpv, value, get("start_date"), to, get("nuts")))
        return
    row = quote(get("line_id")) "," quote(title) "," cpv "," value ",EUR," get("start_date") "," \
          to "," get("nuts") ",en"
    write(body, row)
}

# The sum of the years' spend in GBP; last_year becomes the calendar year in which the last
# financial year with spend ends, 0 where there is none.
function spend(    i, total, year)
{
    total = 0
    last_year = 0
    for (i = 1; i <= columns; i++) {
        if (name[i] !~ /^spend_/ || field[i] == "")
            continue
        total += field[i]
        year = 2000 + substr(name[i], length(name[i]) - 1)
        if (year > last_year)
            last_year = year
    }
    return total
}

# Pounds to euros, two decimals, half a cent rounded up.
function euro(pounds,    cents)
{
    cents = int((pounds * RATE + 50) / 100)
    return sprintf("%.0f.%02d", int(cents / 100), cents % 100)
}

function refused(cpv, value, from, to, nuts)
{
    return cpv == "" || value == "" || from == "" || to == "" || from > to || !(nuts in listed)
}

function quote(text)
{
    if (text !~ /[",\n]/)
        return text
    gsub(/"/, "\"\"", text)
    return "\"" text "\""
}

function write(body, row,    file)
{
    file = out "/" body ".csv"
    if (!(body in opened)) {
        print HEADER > file
        opened[body] = 1
    }
    print row > file
}
