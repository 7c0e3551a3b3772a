/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/organisation.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "helper_settings.h"
#include "proto/memory.h"

static void set(char **text, const char *value)
{
    free(*text);
    *text = kg_strdup(value);
}

static kg_organisation right(void)
{
    kg_organisation out;
    kg_organisation_init(&out);
    strcpy(out.id, "BE-0316380940");
    set(&out.name, "Gemeente");
    set(&out.legal_type, "la");
    set(&out.country, "BEL");
    strcpy(out.nuts.code, "BE2");
    out.languages = 1 << KG_LANGUAGE_NL;
    return out;
}

static void need_checked(const kg_organisation *organisation, const char *expected)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    bool whole = kg_organisation_check(organisation, 5, &problems);
    need_told("organisation", &problems, expected);
    assert_int_equal(whole, expected[0] == '\0');
    kg_problems_fini(&problems);
}

static void a_right_one_passes(void **state)
{
    kg_organisation organisation = right();
    need_checked(&organisation, "");
    kg_organisation_fini(&organisation);
    (void)state;
}

static void an_empty_one_lacks_everything(void **state)
{
    kg_organisation organisation;
    kg_organisation_init(&organisation);
    need_checked(&organisation, "5 ORGANISATION organisation \n5 MISSING name -\n5 NUTS nuts \n"
                                "5 LANGUAGE languages -");
    kg_organisation_fini(&organisation);
    (void)state;
}

static void wrong_values_are_told_of(void **state)
{
    kg_organisation organisation = right();
    strcpy(organisation.id, "BE 1");
    strcpy(organisation.parent, "BE/2");
    strcpy(organisation.nuts.code, "BE9");
    set(&organisation.legal_type, "lb");
    set(&organisation.country, "BE");
    set(&organisation.street, "a\nb");
    set(&organisation.city, "\xff");
    need_checked(&organisation, "5 ORGANISATION organisation BE 1\n5 ENCODING street a\\x0ab\n"
                                "5 ENCODING city \\xff\n5 INVALID legal_type lb\n5 NUTS nuts BE9\n"
                                "5 ORGANISATION parent BE/2\n5 INVALID country BE");
    kg_organisation_fini(&organisation);
    (void)state;
}

static void names_are_bounded(void **state)
{
    char longest[KG_TITLE_BYTES_MAX + 2];
    kg_organisation organisation = right();
    memset(longest, 'n', sizeof longest);
    longest[KG_TITLE_BYTES_MAX] = '\0';
    set(&organisation.name, longest);
    need_checked(&organisation, "");
    longest[KG_TITLE_BYTES_MAX] = 'n';
    longest[KG_TITLE_BYTES_MAX + 1] = '\0';
    set(&organisation.name, longest);
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    assert_false(kg_organisation_check(&organisation, 0, &problems));
    assert_int_equal(problems.count, 1);
    assert_int_equal(problems.items[0].status, KG_STATUS_TOO_LONG);
    kg_problems_fini(&problems);
    kg_organisation_fini(&organisation);
    (void)state;
}

static void countries_and_parents(void **state)
{
    static const char *const wrong[] = {"bel", "BELG", "B1L", "B L"};
    kg_organisation organisation = right();
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char expected[40];
        snprintf(expected, sizeof expected, "5 INVALID country %s", wrong[i]);
        set(&organisation.country, wrong[i]);
        need_checked(&organisation, expected);
    }
    set(&organisation.country, "");
    need_checked(&organisation, "");
    strcpy(organisation.parent, organisation.id);
    need_checked(&organisation, "5 HOLDING parent BE-0316380940");
    kg_organisation_fini(&organisation);
    (void)state;
}

static void legal_types_are_those_of_the_list(void **state)
{
    FILE *file = fopen(KG_SOURCE_DIR "/config/reference/buyer-legal-type.csv", "r");
    char line[1000];
    size_t number = 0;
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    for (; fgets(line, sizeof line, file); number++) {
        line[strcspn(line, ",")] = '\0';
        assert_non_null(kg_legal_type(number));
        assert_string_equal(kg_legal_type(number), line);
    }
    assert_int_equal(number, 19);
    assert_null(kg_legal_type(number));
    fclose(file);
    (void)state;
}

static kg_buffer written(const kg_organisation *organisation)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_organisation_write(organisation, kg_buffer_sink(&out));
    return out;
}

static void need_change(const char *name, const kg_organisation *base,
                        const kg_organisation *changed)
{
    kg_buffer a = written(base), b = written(changed);
    need_bytes(name, &a, &b, 0);
    kg_buffer_fini(&a);
    kg_buffer_fini(&b);
}

static void every_field_is_written(void **state)
{
    kg_organisation base = right(), other = right();
    char **const texts[] = {&other.name,          &other.legal_type,        &other.contact_name,
                            &other.contact_email, &other.contact_telephone, &other.street,
                            &other.city,          &other.postcode,          &other.country};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *before = *texts[i];
        *texts[i] = "other";
        need_change("text", &base, &other);
        *texts[i] = before;
    }
    other.central = true;
    need_change("central", &base, &other);
    other.central = false;
    other.can_lead = true;
    need_change("can_lead", &base, &other);
    other.can_lead = false;
    other.languages |= 1 << KG_LANGUAGE_FR;
    need_change("languages", &base, &other);
    other.languages = base.languages;
    strcpy(other.parent, "p");
    need_change("parent", &base, &other);
    other.parent[0] = '\0';
    strcpy(other.nuts.code, "BE");
    need_change("nuts", &base, &other);
    kg_organisation_fini(&base);
    kg_organisation_fini(&other);
    (void)state;
}

static void a_copy_stands_alone(void **state)
{
    kg_organisation base = right(), copy;
    kg_buffer before = written(&base);
    kg_organisation_copy(&copy, &base);
    set(&base.name, "other");
    kg_organisation_fini(&base);
    kg_buffer after = written(&copy);
    need_bytes("copy", &before, &after, 1);
    kg_buffer_fini(&before);
    kg_buffer_fini(&after);
    kg_organisation_fini(&copy);
    (void)state;
}

static void roles_have_names(void **state)
{
    static const char *const names[] = {"organisation", "coordinator", "reader", "administrator"};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(kg_role_find(names[i]), 1 << i);
        assert_string_equal(kg_role_name(1u << i), names[i]);
    }
    assert_int_equal(kg_role_find("Reader"), 0);
    assert_null(kg_role_name(3));
    assert_null(kg_role_name(0));
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_one_passes),
        cmocka_unit_test(an_empty_one_lacks_everything),
        cmocka_unit_test(wrong_values_are_told_of),
        cmocka_unit_test(names_are_bounded),
        cmocka_unit_test(countries_and_parents),
        cmocka_unit_test(legal_types_are_those_of_the_list),
        cmocka_unit_test(every_field_is_written),
        cmocka_unit_test(a_copy_stands_alone),
        cmocka_unit_test(roles_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
