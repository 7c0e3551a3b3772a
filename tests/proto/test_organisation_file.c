/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "helper_settings.h"
#include "proto/catalogue_file.h"

#define REST "name = n nuts = BE2 languages = {nl}\n"

static const wrong_file wrong[] = {
    {"none", "\n", "0 EMPTY - -"},
    {"bare", "\norganisation a { }", "2 LANGUAGE languages -\n2 MISSING name -\n2 NUTS nuts "},
    {"unknown key", "organisation a { " REST " naem = x }", "2 UNKNOWN_KEYWORD organisation naem"},
    {"id", "organisation \"a b\" { " REST "}", "1 ORGANISATION organisation a b"},
    {"id twice",
     "organisation a { " REST "}\norganisation b { " REST "}\norganisation a { " REST "}",
     "5 ORGANISATION organisation a"},
    {"what would be cut",
     "organisation a { " REST "parent = a123456789012345678901234567890123456789"
     "0123456789012345678901234 }\norganisation b { name = n languages = nl\n nuts = BE23456 }",
     "2 ORGANISATION parent a1234567890123456789012345678901234567890123456789012345678901234\n"
     "4 NUTS nuts BE23456"},
    {"values",
     "organisation a { name = n nuts = BE\n languages = {nl,\n xx}\n central = yes\n"
     " can_lead = 1\n legal_type = city\n country = Belgium\n parent = a }",
     "3 LANGUAGE languages xx\n4 INVALID central yes\n5 INVALID can_lead 1\n"
     "6 INVALID legal_type city\n7 INVALID country Belgium\n8 HOLDING parent a"},
    {"second is wrong too",
     "organisation a { " REST "legal_type = x }\norganisation b { " REST "legal_type = y }",
     "2 INVALID legal_type x\n4 INVALID legal_type y"},
    {"cut short", "organisation a { " REST "}\norganisation b { " REST, "3 FILE_SYNTAX - -"},
};

static void wrong_files_are_told_of(void **state)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        kg_problems problems;
        size_t count = 7;
        kg_problems_init(&problems, NULL);
        kg_organisation *none =
            kg_organisations_read_text(wrong[i].text, "organisations.conf", &count, &problems);
        need_told(wrong[i].name, &problems, wrong[i].expected);
        assert_null(none);
        assert_int_equal(count, 0);
        kg_problems_fini(&problems);
    }
    (void)state;
}

static const char two[] =
    "organisation \"BE-0316380940\" {\n"
    "  name = \"Stad Voorbeeld\"  legal_type = \"la\"  central = false  nuts = \"BE2\"\n"
    "  languages = {\"fr\", \"nl\"}  can_lead = true  parent = \"\"\n"
    "  contact_name = \"A. Koper\"  contact_email = \"koper@example.org\"\n"
    "  contact_telephone = \"+32 2 000 00 00\"  street = \"Markt 1\"  city = \"Gent\"\n"
    "  postcode = \"9000\"  country = \"BEL\"\n"
    "}\n"
    "organisation \"AT-1\" { name = \"Amt\" nuts = AT languages = de central = true\n"
    "  parent = \"BE-0316380940\" }\n";

static void need_two(kg_organisation *all, size_t count)
{
    assert_int_equal(count, 2);
    assert_string_equal(all[0].id, "BE-0316380940");
    assert_string_equal(all[0].name, "Stad Voorbeeld");
    assert_string_equal(all[0].legal_type, "la");
    assert_string_equal(all[0].nuts.code, "BE2");
    assert_int_equal(all[0].languages, 1 << KG_LANGUAGE_NL | 1 << KG_LANGUAGE_FR);
    assert_true(all[0].can_lead);
    assert_false(all[0].central);
    assert_string_equal(all[0].parent, "");
    assert_string_equal(all[0].contact_name, "A. Koper");
    assert_string_equal(all[0].contact_email, "koper@example.org");
    assert_string_equal(all[0].contact_telephone, "+32 2 000 00 00");
    assert_string_equal(all[0].street, "Markt 1");
    assert_string_equal(all[0].city, "Gent");
    assert_string_equal(all[0].postcode, "9000");
    assert_string_equal(all[0].country, "BEL");
    assert_string_equal(all[1].id, "AT-1");
    assert_string_equal(all[1].parent, "BE-0316380940");
    assert_string_equal(all[1].legal_type, "");
    assert_true(all[1].central);
    assert_false(all[1].can_lead);
    for (size_t i = 0; i < count; i++)
        kg_organisation_fini(&all[i]);
    free(all);
}

static void files_are_read(void **state)
{
    char path[] = "/tmp/kg-organisations-XXXXXX";
    int file = mkstemp(path);
    kg_problems problems;
    size_t count;
    kg_problems_init(&problems, NULL);
    assert_int_equal(write(file, two, sizeof two - 1), sizeof two - 1);
    close(file);
    kg_organisation *all = kg_organisations_read(path, &count, &problems);
    need_told("right", &problems, "");
    need_two(all, count);
    unlink(path);
    assert_null(kg_organisations_read(path, &count, &problems));
    need_told("no file", &problems, "0 FILE_SYNTAX - -");
    kg_problems_fini(&problems);
    (void)state;
}

/* Twenty thousand: reading must not take time that grows with the square. */
static void many_are_read(void **state)
{
    kg_buffer text;
    kg_problems problems;
    size_t count;
    kg_buffer_init(&text);
    kg_problems_init(&problems, NULL);
    for (int i = 0; i < 20000; i++)
        kg_buffer_format(&text, "organisation o%d { " REST "}\n", i);
    kg_organisation *all = kg_organisations_read_text(text.bytes, "many", &count, &problems);
    need_told("many", &problems, "");
    assert_int_equal(count, 20000);
    assert_string_equal(all[19999].id, "o19999");
    for (size_t i = 0; i < count; i++)
        kg_organisation_fini(&all[i]);
    free(all);
    kg_problems_fini(&problems);
    kg_buffer_fini(&text);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_told_of),
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(many_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
