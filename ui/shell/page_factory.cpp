#include "shell/page_factory.h"

#include "pages/charts_page.h"
#include "pages/later_page.h"
#include "pages/tokens_page.h"
#include "shell/page_catalog.h"

namespace vx11::ui {

Page* makePage(PageId id, const Services& services, std::function<void()>) {
  switch (id) {
    case PageId::Tokens:
      return new TokensPage(services);
    case PageId::Charts:
      return new ChartsPage(services);
    default:
      break;
  }
  const PageEntry entry = pageEntry(id);
  return new LaterPage(services, entry.title, entry.icon, entry.reason);
}

}  // namespace vx11::ui
