// The log's sentences about operations on the whole cluster.
#pragma once

#include "pages/log_fields.h"

namespace vx11::ui::logtext {

[[nodiscard]] QString dryRunBegun(const Fields& f);
[[nodiscard]] QString operationBegun(const Fields& f);
[[nodiscard]] QString operationResumed(const Fields& f);
[[nodiscard]] QString operationEnded(const Fields& f);
[[nodiscard]] QString commandRun(const Fields& f);
[[nodiscard]] QString commandSaid(const Fields& f);
[[nodiscard]] QString commandEnded(const Fields& f);

}  // namespace vx11::ui::logtext
