// The Redis page's strip of six and its two tables, filled from what is known of Redis.
#pragma once

#include "pages/fact_table.h"
#include "pages/redis_words.h"
#include "widgets/figure_strip.h"

namespace vx11::ui {

class RedisStrip : public FigureStrip {
  Q_OBJECT
 public:
  explicit RedisStrip(QWidget* parent = nullptr);
  void display(const cluster::RedisInfo& info, const redis::Look& look);

 private:
  Figure* commands_;
  Figure* clients_;
  Figure* ratio_;
  Figure* save_;
  Figure* aof_;
  Figure* uptime_;
};

namespace redis {

[[nodiscard]] QList<FactColumn> roundTripColumns();
/// This console first where it asks Redis itself, then every instance: also those that don't use it, which say so.
[[nodiscard]] QList<QList<Fact>> roundTrips(const cluster::RedisInfo& info,
                                            const QList<cluster::InstanceInfo>& instances);
[[nodiscard]] QList<FactColumn> slowLogColumns();
[[nodiscard]] QList<QList<Fact>> slowLog(const cluster::RedisInfo& info, const QDate& today);
/// A line each with tabs, for the clipboard.
[[nodiscard]] QString slowLogText(const cluster::RedisInfo& info);

}  // namespace redis
}  // namespace vx11::ui
