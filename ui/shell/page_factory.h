// Makes the page for an id: the one place where the shell knows the pages' classes.
#pragma once

#include <functional>

#include "pages/page.h"

namespace vx11::ui {

/// The caller owns it until it has a parent. `issue` is what a page's own *Issue* does.
[[nodiscard]] Page* makePage(PageId id, const Services& services, std::function<void()> issue);

}  // namespace vx11::ui
