// How high the rows of tables are: one choice for all of them.
#pragma once

namespace vx11::ui {

enum class Density { Normal, Compact, Relaxed };

/// A widget whose rows follow the choice; a page's are found when it is made.
class Dense {
 public:
  virtual ~Dense() = default;
  virtual void setDensity(Density density) = 0;
};

}  // namespace vx11::ui
