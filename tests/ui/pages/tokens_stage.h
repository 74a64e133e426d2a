// The Tokens page in a window over a fake cluster of two instances and twenty tokens, the first of them this console's
// own; for the tests of the page.
#pragma once

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "core/cluster/fake_cluster.h"
#include "delegates/countdown.h"
#include "dialogs/confirm_dialog.h"
#include "models/token_table_model.h"
#include "pages/token_check_popup.h"
#include "pages/token_commands.h"
#include "pages/token_details.h"
#include "pages/token_issue_form.h"
#include "pages/token_side_panel.h"
#include "pages/token_table_view.h"
#include "pages/tokens_page.h"
#include "widgets/empty_state.h"
#include "widgets/page_header.h"

namespace vx11::ui::testing {

using cluster::TokenRow;
using cluster::testing::FakeCluster;
using cluster::testing::makeRow;

inline const QString tokenValue = QStringLiteral("3f9a7c10-52be-4d0e-9b61-7d2f08b4c21e");
inline constexpr qint64 start = 1'000'000;

inline QPushButton* button(QWidget& within, const QString& text) {
  for (auto* each : within.findChildren<QPushButton*>()) {
    if (each->text() == text) return each;
  }
  return nullptr;
}

inline QString allText(QWidget& within) {
  QStringList texts;
  for (auto* label : within.findChildren<QLabel*>()) {
    if (label->isVisibleTo(&within)) texts << label->text();
  }
  return texts.join(u'\n').remove(QChar(0x200b));
}

struct Stage {
  ThemeManager themes;
  ClipboardGuard clipboard;
  FakeCluster cluster;
  QMainWindow window;
  TokensPage* page = nullptr;
  TokenTableView* view = nullptr;
  QStringList messages;

  explicit Stage(int tokens = 20) {
    cluster.setNow(start);
    for (const auto* name : {"fra-1", "fra-2"}) {
      cluster::InstanceInfo info;
      info.id = QString::fromLatin1(name);
      info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
      info.state = cluster::InstanceState::Live;
      info.answeredAt = start;
      info.issueRate = 3.3;
      info.ttlSec = 60;
      info.maxTtlSec = 300;
      cluster.addInstance(info);
    }
    cluster.fakeTokens().setIssuerNames({QStringLiteral("fra-1"), QStringLiteral("fra-2")});
    QList<TokenRow> rows;
    for (int i = 0; i < tokens; ++i) rows << row(i);
    cluster.fakeTokens().reset(rows);
    if (tokens > 0) cluster.fakeTokens().setValue(rows[0].id, TokenText(tokenValue.toStdString()));
    page = new TokensPage({cluster, themes, clipboard});
    QObject::connect(page, &Page::message, &window, [this](const QString& text) { messages << text; });
    window.setCentralWidget(page);
    window.resize(1280, 720);
    window.show();
    page->setInView(true);
    view = page->findChild<TokenTableView*>();
  }
  /// The first ends last and stands at the top.
  static TokenRow row(int i) {
    TokenRow row = makeRow(static_cast<quint32>(i + 1), start + 60'000 - i * 1000);
    row.issuer = static_cast<std::int16_t>(i % 2);
    row.own = i == 0;
    return row;
  }
  [[nodiscard]] TokenTableModel& model() const { return *page->findChild<TokenTableModel*>(); }
  [[nodiscard]] TokenCommands& commands() const { return *page->findChild<TokenCommands*>(); }
  [[nodiscard]] TokenDetails& details() const { return *page->findChild<TokenDetails*>(); }
  [[nodiscard]] TokenIssueForm& form() const { return *page->findChild<TokenIssueForm*>(); }
  [[nodiscard]] static QString copied() { return QGuiApplication::clipboard()->text(); }
  void pass(qint64 ms) {
    cluster.advance(ms);
    Q_EMIT page->findChild<Countdown*>()->ticked();
  }
};

}  // namespace vx11::ui::testing
