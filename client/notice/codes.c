/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/notice/codes.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "proto/nuts.h"
#include "proto/text.h"

typedef struct kg_pair {
    const char *code, *label;
} kg_pair;

/* Sorted by code, in bytes; made from config/reference. */
static const kg_pair cpv_codes[] = {
#include "notice_cpv.inc"
};
static const kg_pair fields[] = {
#include "notice_fields.inc"
};
static const kg_pair listed_countries[] = {
#include "notice_countries.inc"
};

/* ISO 639-1 to the codes of the eForms list `language` (SDK 1.15.1); `li` and `sc` are not on it.
 */
static const kg_pair languages[] = {
    {"nl", "NLD"}, {"fr", "FRA"}, {"de", "DEU"}, {"en", "ENG"}, {"be", "BEL"}, {"bg", "BUL"},
    {"br", "BRE"}, {"bs", "BOS"}, {"ca", "CAT"}, {"co", "COS"}, {"cs", "CES"}, {"cy", "CYM"},
    {"da", "DAN"}, {"el", "ELL"}, {"es", "SPA"}, {"et", "EST"}, {"eu", "EUS"}, {"fi", "FIN"},
    {"fo", "FAO"}, {"fy", "FRY"}, {"ga", "GLE"}, {"gd", "GLA"}, {"gl", "GLG"}, {"gv", "GLV"},
    {"hr", "HRV"}, {"hu", "HUN"}, {"hy", "HYE"}, {"is", "ISL"}, {"it", "ITA"}, {"ka", "KAT"},
    {"kl", "KAL"}, {"kw", "COR"}, {"lb", "LTZ"}, {"lt", "LIT"}, {"lv", "LAV"}, {"mk", "MKD"},
    {"mt", "MLT"}, {"nb", "NOB"}, {"nn", "NNO"}, {"no", "NOR"}, {"oc", "OCI"}, {"pl", "POL"},
    {"pt", "POR"}, {"rm", "ROH"}, {"ro", "RON"}, {"ru", "RUS"}, {"se", "SME"}, {"sk", "SLK"},
    {"sl", "SLV"}, {"sq", "SQI"}, {"sr", "SRP"}, {"sv", "SWE"}, {"tr", "TUR"}, {"uk", "UKR"},
    {"wa", "WLN"},
};

/* Two letters of NUTS to the country, from nuts.csv; the Bosnian and British ones by hand. */
static const kg_pair countries[] = {
    {"AL", "ALB"}, {"AT", "AUT"}, {"BA", "BIH"}, {"BE", "BEL"}, {"BG", "BGR"}, {"CH", "CHE"},
    {"CY", "CYP"}, {"CZ", "CZE"}, {"DE", "DEU"}, {"DK", "DNK"}, {"EE", "EST"}, {"EL", "GRC"},
    {"ES", "ESP"}, {"FI", "FIN"}, {"FR", "FRA"}, {"HR", "HRV"}, {"HU", "HUN"}, {"IE", "IRL"},
    {"IS", "ISL"}, {"IT", "ITA"}, {"LI", "LIE"}, {"LT", "LTU"}, {"LU", "LUX"}, {"LV", "LVA"},
    {"ME", "MNE"}, {"MK", "MKD"}, {"MT", "MLT"}, {"NL", "NLD"}, {"NO", "NOR"}, {"PL", "POL"},
    {"PT", "PRT"}, {"RO", "ROU"}, {"RS", "SRB"}, {"SE", "SWE"}, {"SI", "SVN"}, {"SK", "SVK"},
    {"TR", "TUR"}, {"UA", "UKR"}, {"XK", "XKX"}, {"UK", "GBR"},
};

/* The eForms list nuts-country, SDK 1.15.1. */
static const char nuts_countries[] =
    "ALB AUT BEL BGR CHE CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ISL ITA LIE LTU LUX "
    "LVA MKD MLT MNE NLD NOR POL PRT ROU SRB SVK SVN SWE TUR UKR XKX";

/* Countries whose addresses need a postcode: rule BR-BT-00512-0007 of SDK 1.15.1. */
static const char postcode_countries[] =
    "AFG ALA ALB AND ARG ARM AUS AUT AZE BEL BGD BGR BHR BIH BLM BLR BMU BRA BRB BRN BTN CAN "
    "CHE CHL CHN COL CPT CPV CRI CUB CYM CYP CZE DEU DJI DNK DOM DZA ECU EGY ESP EST ETH FIN "
    "FRA FRO FSM GBR GEO GGY GIN GNB GRC GRL GTM GUM HND HRV HTI HUN IDN IMN IND IRL IRN IRQ "
    "ISL ISR ITA JEY JOR JPN KAZ KEN KGZ KHM KIR KOR KWT LAO LBN LIE LKA LSO LTU LUX LVA MAF "
    "MAR MCO MDA MDG MDV MEX MHL MLT MMR MNE MNG MOZ MSR MUS MWI MYS NAM NCL NER NGA NIC NLD "
    "NOR NPL NRU NZL OMN PAK PER PHL PNG POL PRI PRT PRY PSE PYF ROU RUS SAU SDN SEN SGP SJM "
    "SLV SMR SPM SRB SVK SVN SWE SWZ THA TJK TKM TLS TTO TUN TUR UKR URY USA UZB VCT VEN VGB "
    "VIR VNM WLF ZAF";

const char *const kg_notice_authority_activities[] = {"defence", "econ-aff", "education", "env-pro",
                                                      "gen-pub", "hc-am",    "health",    "pub-os",
                                                      "rcr",     "soc-pro",  NULL};
const char *const kg_notice_entity_activities[] = {
    "airport", "electricity", "gas-heat", "gas-oil", "port", "post",
    "rail",    "solid-fuel",  "urttb",    "water",   NULL};
/* The condition of BT-10-Procedure-Buyer. */
const char *const kg_notice_authority_types[] = {
    "body-pl",     "body-pl-cga",   "body-pl-la", "body-pl-ra", "cga",
    "def-cont",    "eu-ins-bod-ag", "int-org",    "la",         "org-sub",
    "org-sub-cga", "org-sub-la",    "org-sub-ra", "ra",         NULL};

static const char *look_up(const kg_pair *pairs, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].code, code) == 0)
            return pairs[i].label;
    return NULL;
}

const char *kg_notice_language(const char *code)
{
    return look_up(languages, sizeof languages / sizeof *languages, code);
}

const char *kg_notice_country(const char *nuts)
{
    char two[3] = {0};
    strncpy(two, nuts, 2);
    return look_up(countries, sizeof countries / sizeof *countries, two);
}

bool kg_notice_country_listed(const char *country)
{
    return look_up(listed_countries, sizeof listed_countries / sizeof *listed_countries, country) !=
           NULL;
}

/* Words of three letters, a space between. */
static bool among(const char *words, const char *country)
{
    return kg_notice_country_listed(country) && strstr(words, country) != NULL;
}

bool kg_notice_has_nuts(const char *country)
{
    return among(nuts_countries, country);
}

bool kg_notice_has_postcode(const char *country)
{
    return among(postcode_countries, country);
}

bool kg_notice_nuts3(const char *nuts)
{
    const char *country = kg_nuts_listed(nuts) ? kg_notice_country(nuts) : NULL;
    return country && kg_nuts_level(nuts) == 3 && kg_notice_has_nuts(country);
}

static int compare(const void *code, const void *pair)
{
    return strcmp(code, ((const kg_pair *)pair)->code);
}

const char *kg_notice_cpv_label(const char *cpv)
{
    const kg_pair *pair =
        bsearch(cpv, cpv_codes, sizeof cpv_codes / sizeof *cpv_codes, sizeof *cpv_codes, compare);
    return pair ? pair->label : NULL;
}

bool kg_notice_cpv_listed(const char *cpv, char out[static 9])
{
    kg_text_format(out, 9, "%s", cpv);
    for (size_t digits = strlen(out); digits >= 2; digits--) {
        if (kg_notice_cpv_label(out))
            return true;
        out[digits - 1] = '0';
    }
    return false;
}

const char *kg_notice_field(const char *term)
{
    const char *name = look_up(fields, sizeof fields / sizeof *fields, term);
    return name ? name : term;
}

bool kg_notice_on(const char *const *list, const char *code)
{
    while (*list && strcmp(*list, code) != 0)
        list++;
    return *list != NULL;
}

const char *kg_notice_nature(const char *cpv)
{
    int division = (cpv[0] - '0') * 10 + cpv[1] - '0';
    if (division == 45)
        return "works";
    return division < 50 ? "supplies" : "services";
}

static bool matches(const char *text, const char *pattern)
{
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        abort(); /* the patterns are ours */
    bool found = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

bool kg_notice_telephone_form(const char *text)
{
    return strlen(text) <= 30 && matches(text, "^((\\(\\+?[0-9]+\\))|\\+?[0-9]+)( - |-| )?"
                                               "(((\\([0-9]+\\))|[0-9]+)( - |-| )?)*([0-9]+)$");
}

/* Narrower than the rules, which allow letters beyond ASCII. */
bool kg_notice_email_form(const char *text)
{
    return strlen(text) <= 400 && matches(text, "^[A-Za-z0-9!#$%&'*+/=?_-]+"
                                                "(\\.[A-Za-z0-9!#$%&'*+/=?_-]+)*@"
                                                "([A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?\\.)+"
                                                "[A-Za-z0-9]{2,}$");
}

bool kg_notice_website_form(const char *text)
{
    return strlen(text) <= 400 &&
           matches(text, "^https?://[A-Za-z0-9][A-Za-z0-9?!./:;,_=#+*%@()&-]*$");
}
