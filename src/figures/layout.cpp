#include "figures/layout.h"

namespace sinapse {

void add_title(Drawing& drawing, const std::string& title) {
  drawing.add(Text{.at = {kMargin, kMargin + kTitle - 3},
                   .text = shortened(title, kTitle, drawing.width - 2 * kMargin),
                   .size = kTitle,
                   .bold = true});
}

void add_caption(Drawing& drawing, const std::string& text) {
  drawing.text({kMargin, drawing.height - kMargin},
               shortened(text, kFont, drawing.width - 2 * kMargin), kFont, Anchor::start,
               Ink::muted);
}

}  // namespace sinapse
