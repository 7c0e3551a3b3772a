/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "proto/text.h"

bool kg_user_become(const char *name, char error[static 200])
{
    const struct passwd *user = getpwnam(name);
    if (!user) {
        kg_text_format(error, 200, "there is no user %s", name);
        return false;
    }
    if (user->pw_uid == geteuid())
        return true;
    if (initgroups(name, user->pw_gid) == 0 &&
        setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0 &&
        setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0)
        return true;
    kg_text_format(error, 200, "the process cannot become %s: %s", name, strerror(errno));
    return false;
}
