// Prints what the console's GUI thread spends on an event at worst, with 100,000 live tokens and 1,000 events a second,
// while somebody scrolls, filters, sorts, selects and changes pages; and the memory it takes.
//   vx11-bench-tokens [seconds] [live tokens] [events per second]
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <cstdio>
#include <unistd.h>

#include "bench_cluster.h"
#include "gui_meter.h"
#include "pages/tokens_page.h"
#include "platform/console_style.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/profiles.h"

namespace {

using namespace vx11;

constexpr double p999LimitMs = 16, longestLimitMs = 50, memoryLimitMiB = 150;

double residentMiB() {
  QFile file(QStringLiteral("/proc/self/statm"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  return file.readAll().split(' ').value(1).toDouble() * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// One thing a person does, every 40 ms.
class Hands : public QObject {
 public:
  Hands(bench::MeteredApplication& app, ui::MainWindow& window) : app_(app), window_(window) {
    connect(&timer_, &QTimer::timeout, this, [this] { act(); });
  }
  void start() { timer_.start(40); }

 private:
  void act() {
    auto* table = window_.findChild<ui::TokensPage*>()->findChild<QTableView*>();
    const int at = step_++ % 200;
    if (at < 60) {
      app_.setDoing("scrolling");
      auto* bar = table->verticalScrollBar();
      bar->setValue(at < 40 ? bar->value() + 90 : static_cast<int>(static_cast<qint64>(bar->maximum()) * (at * 37 % 100) / 100));
    } else if (at < 100) {
      if (at % 5 != 0) return;
      app_.setDoing("filtering");
      static const char* const words[] = {"3", "3f", "3f9", "3f", "bench", "rev", "", "a"};
      auto* field = window_.findChild<ui::TokensPage*>()->findChild<QLineEdit*>();
      field->setText(QString::fromLatin1(at == 95 ? "" : words[at / 5 % 8]));
    } else if (at < 150) {
      if (at % 6 != 0) return;
      app_.setDoing("sorting");
      table->horizontalHeader()->setSortIndicator((at / 6) % 6, at % 12 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
    } else if (at < 170) {
      app_.setDoing("selecting");
      if (at == 150) table->horizontalHeader()->setSortIndicator(1, Qt::DescendingOrder);
      if (at == 152) table->selectAll();
      if (at == 168) table->clearSelection();
    } else {
      if (at % 10 != 0) return;
      app_.setDoing("changing pages");
      const ui::PageId pages[] = {ui::PageId::Charts, ui::PageId::Overview, ui::PageId::Tokens};
      window_.showPage(pages[(at - 170) / 10]);
    }
  }
  bench::MeteredApplication& app_;
  ui::MainWindow& window_;
  QTimer timer_;
  int step_ = 0;
};

void report(bench::MeteredApplication& app, int live, int rate, int seconds) {
  const auto& worst = app.worst();
  const auto verdict = [](double value, double limit) { return value < limit ? "holds" : "OVER"; };
  std::printf("%d live tokens, %d events/s, %d s: %zu events of the GUI thread\n", live, rate, seconds, app.count());
  std::printf("p50 %.2f ms, p99 %.2f ms\n", app.quantile(0.5), app.quantile(0.99));
  const double p999 = app.quantile(0.999);
  std::printf("p99.9    %6.2f ms   limit %3.0f   %s\n", p999, p999LimitMs, verdict(p999, p999LimitMs));
  std::printf("longest  %6.2f ms   limit %3.0f   %s   (%s, event %d, while %s)\n", worst.ms, longestLimitMs,
              verdict(worst.ms, longestLimitMs), worst.receiver, worst.type, worst.during);
  std::printf("over %.0f ms: %zu\n", app.heavyMs, app.heavy().size());
  for (const auto& event : app.heavy()) {
    std::printf("  %6.2f ms  %s, event %d, while %s\n", event.ms, event.receiver, event.type, event.during);
  }
  const double memory = residentMiB();
  std::printf("memory   %6.1f MiB  limit %3.0f   %s\n", memory, memoryLimitMiB, verdict(memory, memoryLimitMiB));
}

}  // namespace

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  const auto number = [&](int at, int otherwise) { return argc > at ? std::max(1, std::atoi(argv[at])) : otherwise; };
  const int seconds = number(1, 20), live = number(2, 100'000), rate = number(3, 1000);
  bench::MeteredApplication app(argc, argv);
  QApplication::setStyle(new ui::ConsoleStyle);

  const QTemporaryDir settings;
  ui::ThemeManager themes;
  themes.choose(ui::ThemeChoice::Dark);
  ui::SettingsStore store(settings.path());
  bench::BenchCluster cluster(live, rate);
  ui::Profiles profiles({cluster::ProfileStore(settings.filePath(QStringLiteral("profiles.json")))});
  ui::MainWindow window(cluster, themes, store, profiles);
  window.resize(1280, 800);
  window.show();
  window.showPage(ui::PageId::Tokens);
  Hands hands(app, window);
  cluster.load([&] {
    cluster.run();
    hands.start();
    app.setMetering(true);
    QTimer::singleShot(seconds * 1000, &app, [&] {
      app.setMetering(false);
      report(app, live, rate, seconds);
      QCoreApplication::quit();
    });
  });
  return QCoreApplication::exec();
}
