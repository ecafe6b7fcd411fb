-- Sessions, sales, refunds and cash: what the facts of a shop add up to.
--
-- Acts are inserted once by id. Totals are sums kept in the same transaction, in tables of their own, so
-- that a sale may arrive before the session it belongs to and the tables still end the same.

CREATE TABLE till_session (
  org_id         uuid        NOT NULL,
  id             uuid        NOT NULL,
  shop_id        uuid        NOT NULL,
  till_id        uuid        NOT NULL,
  staff_id       uuid        NOT NULL,
  currency       text        NOT NULL,
  float_minor    bigint      NOT NULL CHECK (float_minor >= 0),
  float_pieces   jsonb,
  business_date  date        NOT NULL,
  opened_at      timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX till_session_till ON till_session (org_id, till_id, opened_at DESC);
CREATE INDEX till_session_time ON till_session (org_id, opened_at DESC, id DESC);
CREATE INDEX till_session_shop ON till_session (org_id, shop_id, opened_at DESC, id DESC);

CREATE TABLE till_close (
  org_id         uuid        NOT NULL,
  session_id     uuid        NOT NULL,
  id             uuid        NOT NULL, -- The fact's. Of two closes the earlier id is the session's.
  shop_id        uuid        NOT NULL,
  till_id        uuid        NOT NULL,
  staff_id       uuid        NOT NULL,
  currency       text        NOT NULL,
  counted_minor  bigint      NOT NULL CHECK (counted_minor >= 0),
  counted_pieces jsonb,
  expected_minor bigint      NOT NULL,
  variance_minor bigint      NOT NULL,
  note           text        NOT NULL DEFAULT '',
  business_date  date        NOT NULL,
  closed_at      timestamptz NOT NULL,
  PRIMARY KEY (org_id, session_id, id),
  CHECK (variance_minor = counted_minor - expected_minor)
);

-- Running totals of a session. `expected = float + cash_in − cash_out − dropped + topped_up`.
CREATE TABLE session_total (
  org_id              uuid    NOT NULL,
  session_id          uuid    NOT NULL,
  sales               integer NOT NULL DEFAULT 0,
  sales_minor         bigint  NOT NULL DEFAULT 0,
  refunds             integer NOT NULL DEFAULT 0,
  refunds_minor       bigint  NOT NULL DEFAULT 0,
  tax_minor           bigint  NOT NULL DEFAULT 0, -- Of sales, less that of refunds.
  cash_in_minor       bigint  NOT NULL DEFAULT 0, -- Cash sales (given less change) and pay-ins.
  cash_out_minor      bigint  NOT NULL DEFAULT 0, -- Cash refunds and pay-outs.
  pay_in_minor        bigint  NOT NULL DEFAULT 0,
  pay_out_minor       bigint  NOT NULL DEFAULT 0,
  dropped_minor       bigint  NOT NULL DEFAULT 0,
  topped_up_minor     bigint  NOT NULL DEFAULT 0,
  card_minor          bigint  NOT NULL DEFAULT 0, -- Sales less refunds, as the next two.
  bank_transfer_minor bigint  NOT NULL DEFAULT 0,
  promptpay_minor     bigint  NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, session_id)
);

CREATE TABLE sale (
  org_id          uuid        NOT NULL,
  id              uuid        NOT NULL,
  shop_id         uuid        NOT NULL,
  till_id         uuid        NOT NULL,
  session_id      uuid        NOT NULL,
  staff_id        uuid        NOT NULL,
  receipt_number  text        NOT NULL,
  currency        text        NOT NULL,
  total_minor     bigint      NOT NULL CHECK (total_minor >= 0),
  tax_minor       bigint      NOT NULL CHECK (tax_minor >= 0),
  change_minor    bigint      NOT NULL CHECK (change_minor >= 0),
  change_pieces   jsonb,
  taxes           jsonb       NOT NULL,
  tenders         jsonb       NOT NULL, -- As in the fact, with pieces where they are known.
  customer_number text,
  note            text        NOT NULL DEFAULT '',
  line_count      integer     NOT NULL,
  business_date   date        NOT NULL,
  occurred_at     timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL, -- When this database learned of it.
  PRIMARY KEY (org_id, id)
);
CREATE INDEX sale_shop ON sale (org_id, shop_id, occurred_at DESC, id DESC);
CREATE INDEX sale_time ON sale (org_id, occurred_at DESC, id DESC);
CREATE INDEX sale_staff ON sale (org_id, staff_id, occurred_at);
CREATE INDEX sale_session ON sale (org_id, session_id);
CREATE INDEX sale_receipt ON sale (org_id, receipt_number);

CREATE TABLE sale_line (
  org_id           uuid    NOT NULL,
  sale_id          uuid    NOT NULL,
  line_no          integer NOT NULL,
  product_id       uuid    NOT NULL,
  code             text    NOT NULL,
  name             text    NOT NULL,
  quantity         bigint  NOT NULL CHECK (quantity > 0), -- Thousandths.
  unit_price_minor bigint  NOT NULL,
  discount_minor   bigint  NOT NULL,
  total_minor      bigint  NOT NULL,
  vat_basis_points integer NOT NULL,
  PRIMARY KEY (org_id, sale_id, line_no)
);

CREATE TABLE refund (
  org_id         uuid        NOT NULL,
  id             uuid        NOT NULL,
  sale_id        uuid,
  shop_id        uuid        NOT NULL,
  till_id        uuid        NOT NULL,
  session_id     uuid        NOT NULL,
  staff_id       uuid        NOT NULL,
  receipt_number text        NOT NULL,
  currency       text        NOT NULL,
  total_minor    bigint      NOT NULL CHECK (total_minor >= 0),
  tax_minor      bigint      NOT NULL CHECK (tax_minor >= 0),
  taxes          jsonb       NOT NULL,
  tenders        jsonb       NOT NULL,
  reason         text        NOT NULL,
  line_count     integer     NOT NULL,
  business_date  date        NOT NULL,
  occurred_at    timestamptz NOT NULL,
  recorded_at    timestamptz NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX refund_sale ON refund (org_id, sale_id);
CREATE INDEX refund_shop ON refund (org_id, shop_id, occurred_at DESC, id DESC);
CREATE INDEX refund_time ON refund (org_id, occurred_at DESC, id DESC);
CREATE INDEX refund_staff ON refund (org_id, staff_id, occurred_at);
CREATE INDEX refund_session ON refund (org_id, session_id);
CREATE INDEX refund_receipt ON refund (org_id, receipt_number);

CREATE TABLE refund_line (
  org_id           uuid    NOT NULL,
  refund_id        uuid    NOT NULL,
  line_no          integer NOT NULL,
  product_id       uuid    NOT NULL,
  code             text    NOT NULL,
  name             text    NOT NULL,
  quantity         bigint  NOT NULL CHECK (quantity > 0),
  total_minor      bigint  NOT NULL,
  vat_basis_points integer NOT NULL,
  PRIMARY KEY (org_id, refund_id, line_no)
);

-- What came back of each line of a sale: the sum over its refunds.
CREATE TABLE sale_line_refunded (
  org_id      uuid    NOT NULL,
  sale_id     uuid    NOT NULL,
  line_no     integer NOT NULL,
  quantity    bigint  NOT NULL,
  total_minor bigint  NOT NULL,
  PRIMARY KEY (org_id, sale_id, line_no)
);

-- The last counter of a till's day: receipt numbers go on from it, without a gap.
CREATE TABLE receipt_counter (
  org_id        uuid    NOT NULL,
  till_id       uuid    NOT NULL,
  business_date date    NOT NULL,
  last          integer NOT NULL,
  PRIMARY KEY (org_id, till_id, business_date)
);

-- Cash is double entry: every movement goes from one place to another, and all places of a currency add
-- up to zero. A place is named `drawer:<till id>`, `safe:<shop id>`, or what lies outside the shop:
-- `customer:<shop id>`, `supplier:<shop id>`, `over_short:<shop id>`. A session's float comes from the
-- safe; at its close the counted cash goes back there (`takings`), so a closed drawer holds nothing.
CREATE TABLE cash_transfer (
  org_id        uuid        NOT NULL,
  id            text        NOT NULL, -- `<fact id>/<part>`.
  fact_id       uuid        NOT NULL,
  shop_id       uuid        NOT NULL,
  session_id    uuid,
  staff_id      uuid        NOT NULL,
  type          text        NOT NULL CHECK (type IN ('float', 'takings', 'sale', 'change',
    'refund', 'pay_in', 'pay_out', 'drop', 'top_up', 'shortage', 'surplus')),
  from_location text        NOT NULL,
  to_location   text        NOT NULL,
  currency      text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
  pieces        jsonb,
  category      text,
  recipient     text,
  note          text        NOT NULL DEFAULT '',
  business_date date        NOT NULL,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  CHECK (from_location <> to_location)
);
CREATE INDEX cash_transfer_type ON cash_transfer (org_id, type, occurred_at);
CREATE INDEX cash_transfer_staff ON cash_transfer (org_id, staff_id, occurred_at);
CREATE INDEX cash_transfer_session ON cash_transfer (org_id, session_id, occurred_at);

CREATE TABLE cash_balance (
  org_id        uuid   NOT NULL,
  location      text   NOT NULL,
  currency      text   NOT NULL,
  balance_minor bigint NOT NULL,
  PRIMARY KEY (org_id, location, currency)
);

-- Per shop, day and person: dashboards read these, never the sales.
CREATE TABLE daily_summary (
  org_id        uuid    NOT NULL,
  shop_id       uuid    NOT NULL,
  business_date date    NOT NULL,
  staff_id      uuid    NOT NULL,
  currency      text    NOT NULL,
  sales         integer NOT NULL DEFAULT 0,
  sales_minor   bigint  NOT NULL DEFAULT 0,
  refunds       integer NOT NULL DEFAULT 0,
  refunds_minor bigint  NOT NULL DEFAULT 0,
  tax_minor     bigint  NOT NULL DEFAULT 0,
  pay_in_minor  bigint  NOT NULL DEFAULT 0,
  pay_out_minor bigint  NOT NULL DEFAULT 0, -- Expenses.
  cash_minor    bigint  NOT NULL DEFAULT 0, -- Cash taken less cash given, sales and refunds.
  closes        integer NOT NULL DEFAULT 0,
  variance_minor bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, shop_id, business_date, staff_id, currency)
);
CREATE INDEX daily_summary_day ON daily_summary (org_id, business_date);

-- Per shop, day and hour (in UTC, so that no later change of a shop's time zone moves it): the live line
-- of the day.
CREATE TABLE hourly_summary (
  org_id        uuid     NOT NULL,
  shop_id       uuid     NOT NULL,
  business_date date     NOT NULL,
  hour_at       timestamptz NOT NULL,
  currency      text     NOT NULL,
  sales         integer  NOT NULL DEFAULT 0,
  sales_minor   bigint   NOT NULL DEFAULT 0,
  refunds_minor bigint   NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, shop_id, business_date, hour_at, currency)
);

-- A rule that a fact broke when it arrived: the fact stands, a manager looks.
CREATE TABLE exception (
  org_id        uuid   NOT NULL,
  id            text   NOT NULL, -- `<fact id>/<kind>`, or the entity's where order must not matter.
  shop_id       uuid,
  kind          text   NOT NULL CHECK (kind IN ('refund_exceeds_sale', 'session_closed_twice')),
  keys          text[] NOT NULL,
  detail        jsonb  NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX exception_shop ON exception (org_id, shop_id);
