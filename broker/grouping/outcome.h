/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/outcome.h"
