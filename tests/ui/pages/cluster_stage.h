// A cluster of three instances for the tests of the pages that need several, what stands on a page as text, and pictures
// of it in both themes, two sizes and two densities where VX11_SHOTS names a folder.
#pragma once

#include <QAbstractButton>
#include <QLabel>
#include <QPixmap>
#include <QTest>
#include <QWidget>

#include "core/cluster/fake_cluster.h"
#include "pages/page.h"

namespace vx11::ui::testing {

using cluster::InstanceInfo;
using cluster::InstanceState;
using cluster::testing::FakeCluster;

inline constexpr qint64 start = 1'000'000;
inline const QDateTime wall(QDate(2026, 11, 23), QTime(14, 32, 36));

inline InstanceInfo instance(const QString& id, const QString& mode) {
  InstanceInfo info;
  info.id = id;
  info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
  info.mode = mode;
  info.version = QStringLiteral("1.0.0");
  info.state = InstanceState::Live;
  info.answeredAt = start;
  info.answeredWhen = wall;
  info.redisConfigured = true;
  info.liveTokens = 120;
  info.ttlSec = 60;
  return info;
}

inline void addThree(FakeCluster& cluster, const QString& mode = QStringLiteral("hybrid")) {
  cluster.setNow(start);
  cluster::Profile profile;
  profile.name = QStringLiteral("eu-staging");
  profile.kind = cluster::ProfileKind::RemoteCluster;
  cluster.setProfile(profile);
  for (const auto* id : {"fra-1", "fra-2", "fra-3"}) cluster.addInstance(instance(QString::fromLatin1(id), mode));
}

inline QAbstractButton* buttonOf(QWidget& within, const QString& text) {
  for (auto* each : within.findChildren<QAbstractButton*>())
    if (each->text() == text) return each;
  return nullptr;
}

/// Everything that is shown or said.
inline QString textOf(const QWidget& widget) {
  QStringList texts;
  for (const auto* child : widget.findChildren<QWidget*>()) {
    if (!child->isVisible()) continue;
    texts << child->accessibleName() << child->accessibleDescription();
    if (const auto* label = qobject_cast<const QLabel*>(child)) texts << label->text();
  }
  return texts.join(u'\n');
}

inline void shoot(QWidget& page, ThemeManager& themes, const QString& name) {
  const QString folder = qEnvironmentVariable("VX11_SHOTS");
  if (folder.isEmpty()) return;
  // What a window of 1024 by 700, 1280 by 800 and 1920 by 1080 leaves to its page.
  for (const QSize size : {QSize(975, 603), QSize(1063, 703), QSize(1703, 983)}) {
    page.resize(size);
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
      themes.choose(choice);
      QTest::qWait(30);
      page.grab().save(QStringLiteral("%1/%2-%3-%4-%5x.png")
                           .arg(folder, name).arg(size.width())
                           .arg(choice == ThemeChoice::Dark ? QStringLiteral("dark") : QStringLiteral("light"))
                           .arg(page.devicePixelRatioF()));
    }
  }
}

}  // namespace vx11::ui::testing
