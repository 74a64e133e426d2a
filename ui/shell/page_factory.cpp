#include "shell/page_factory.h"

#include "pages/charts_page.h"
#include "pages/later_page.h"
#include "pages/matrix_page.h"
#include "pages/overview_page.h"
#include "pages/redis_page.h"
#include "pages/rollback_page.h"
#include "pages/streams_page.h"
#include "pages/tokens_page.h"
#include "shell/page_catalog.h"

namespace vx11::ui {

Page* makePage(PageId id, const Services& services, std::function<void()> issue) {
  switch (id) {
    case PageId::Overview: {
      auto* page = new OverviewPage(services);
      QObject::connect(page, &OverviewPage::issueRequested, page, std::move(issue));
      return page;
    }
    case PageId::Tokens:
      return new TokensPage(services);
    case PageId::Charts:
      return new ChartsPage(services);
    case PageId::Redis:
      return new RedisPage(services);
    case PageId::Matrix:
      return new MatrixPage(services);
    case PageId::Rollback:
      return new RollbackPage(services);
    case PageId::Streams:
      return new StreamsPage(services);
    case PageId::Trials:
      break;
  }
  const PageEntry entry = pageEntry(id);
  auto* page = new LaterPage(services, entry.title, entry.icon, entry.wouldBe);
  page->setVerdict(entry.phrase, entry.why);
  return page;
}

}  // namespace vx11::ui
