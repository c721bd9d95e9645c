"""Courses, classes, the people in them, certificates."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- courses -----------------------------------------------------------------------------------------------
    "CURRICULUM_UNKNOWN": ("没有培训课程 {value};可用:{known}。", "There is no course {value}; known: {known}."),
    "CURRICULUM_INVALID": ("课程的 {value} 不成立。", "The course can't stand with this {value}."),
    "CURRICULUM_PUBLISHED_MEANWHILE": ("同一课程刚刚由他人发布,请重试。", "Somebody else has just published this course; try again."),
    "CURRICULUM_NOT_FOR_ASSET": ("课程 {curriculum} 不适用于该资产。", "The course {curriculum} isn't for this asset."),
    "TRAINING_UNIT_UNKNOWN": ("没有单元 {value};可用:{known}。", "There is no unit {value}; known: {known}."),
    "TRAINING_OUTCOME_UNKNOWN": ("该角色的考核没有 {value};可用:{known}。", "Nobody of this role is assessed for {value}; known: {known}."),
    "TRAINING_OUTCOME_TWICE": ("考核项 {value} 出现了两次。", "The outcome {value} appears twice."),
    # --- what is due -------------------------------------------------------------------------------------------
    "TRAINING_HELD": ("该培训已于 {held_at} 完成。", "This course was held already, at {held_at}."),
    "TRAINING_CANCELLED": ("该培训已不再需要。", "This course isn't owed any more."),
    "TRAINING_UNITS_MISSING": ("尚有单元未授:{units}。", "Units haven't been taught yet: {units}."),
    "TRAINING_PEOPLE_MISSING": ("须参加而未参加的人员:{people}。", "These have to take part and didn't: {people}."),
    "TRAINING_PARTY_INVALID": ("该课程面向 {given_to},须恰好指明其一。", "This course is given to: {given_to}; name exactly that party."),
    "TRAINING_FREE": ("按条款 {clause},该培训免费。", "By clause {clause} this course is free."),
    "FEE_INVALID": ("费用 {value} 不成立:须为非负、至多两位小数的金额。", "The fee {value} can't stand: an amount from zero on, with at most two places."),
    "ASSETS_REQUIRED": ("须指明 1 到 {limit} 项互不相同的资产。", "Name 1 to {limit} assets, each once."),
    "ASSET_OF_OTHER_CUSTOMER": ("该资产不属于此客户的此行业。", "This asset doesn't belong to this customer and vertical."),
    "CONTRACT_OF_OTHER_CUSTOMER": ("该合同不属于此客户的此行业。", "This contract isn't of this customer and vertical."),
    "CADENCE_INVALID": ("周期 {value} 个月不成立。", "A cadence of {value} months can't stand."),
    # --- people ------------------------------------------------------------------------------------------------
    "TRAINEE_PARTY_INVALID": ("须恰好指明一方:客户、服务单位或工程师。", "Name exactly one party: a customer, a service unit or an engineer."),
    "TRAINEE_NAMED_ALREADY": ("该工程师已登记为受训人员。", "This engineer is named already."),
    "TRAINEE_LEFT": ("该人员最后一日为 {left_on}。", "This person's last day is {left_on}."),
    "TRAINEE_OF_OTHER_PARTY": ("该人员不属于此方。", "This person doesn't belong to this party."),
    "TRAINEE_TWICE": ("该人员已在此班中。", "This person is in the class already."),
    "TRAINEE_NOT_ENROLLED": ("该人员不在此班中。", "This person isn't in the class."),
    "TRAINEE_ATTENDED": ("该人员已有出勤记录。", "This person's attendance was recorded already."),
    "TRAINEE_ASSESSED": ("该人员已考核,出勤不可再改。", "This person was assessed; the attendance stands."),
    "TRAINEE_CERTIFIED": ("该考核已用于证书,不可再改。", "A certificate rests on this result; it stands."),
    "TRAINEE_OUTSIDE_AUDIENCE": ("不在培训对象之内(角色 {value})。", "outside audience (role {value})"),
    "TRAINEE_UNPREPARED": ("尚未取得前置课程:{value}。", "Not passed yet: {value}."),
    "ENGINEER_UNTRAINED": ("工程师 {engineer} 没有有效的培训记录。", "The engineer {engineer} has no valid training record."),
    "TEAM_MEMBER_TWICE": ("该工程师已在项目团队中。", "This engineer is in the team already."),
    "TEAM_MEMBER_UNKNOWN": ("该工程师不在项目团队中。", "This engineer isn't in the team."),
    # --- classes -----------------------------------------------------------------------------------------------
    "TRAINER_UNQUALIFIED": ("工程师 {engineer} 没有授课所需的资格 {skill}。", "The engineer {engineer} lacks what a trainer needs here: {skill}."),
    "TRAINER_ENROLLED": ("授课人不能同时是受训人员。", "Whoever teaches the class can't be trained in it."),
    "TRAINING_SESSION_STATE_REFUSED": ("培训班现为 {state},不能这样做。", "The class is {state}; that can't be done now."),
    "TRAINING_STAGE_ORDER": ("前一阶段尚未完成:{value}。", "The stage before wasn't held yet: {value}."),
    "TRAINING_VENUE_REQUIRED": ("培训地点未定,不能确认。", "The class can't be confirmed without a venue."),
    "TRAINING_NOT_AGREED": ("培训时间尚未与客户商定。", "The customer hasn't agreed to the time yet."),
    "TRAINING_NOT_CONFIRMED": ("培训班现为 {state},尚不能记录出勤。", "The class is {state}; attendance is recorded once it is confirmed."),
    "TRAINING_NOT_BEGUN": ("培训班 {starts_at} 才开始。", "The class begins at {starts_at}."),
    "TRAINING_NOBODY_CAME": ("没有任何出勤记录,不能记为已办。", "Nobody's attendance was recorded, so the class can't count as held."),
    "TRAINING_UNIT_ATTENDED": ("已有人出勤的单元不能算未授:{value}。", "Somebody attended {value}, so it was taught."),
    "TRAINING_FULL": ("该班名额 {capacity} 已满。", "The class is full: {capacity} seats."),
    "CAPACITY_INVALID": ("名额 {value} 不成立:须为 1 到 {limit}。", "A capacity of {value} can't stand: 1 to {limit}."),
    "ASSESSMENT_BEFORE_ATTENDANCE": ("尚无出勤记录,不能考核。", "Nobody is assessed before attending."),
    "CERTIFICATE_UNEARNED": ("{name} 尚缺:{missing},不能发证。", "No certificate for {name} yet; missing: {missing}."),
    # --- what waits for training -------------------------------------------------------------------------------
    "TRAINING_GATE_CLOSED": (
        "条款 {clause}:课程 {curriculum} 还有 {count} 人未合格:{people}。",
        "Blocked for training (clause {clause}): in the course {curriculum} {count} people haven't passed: {people}.",
    ),
    "VISIT_INCOMPLETE": ("上门服务尚未完成,未讲授:{topics}。", "The visit isn't complete; not taught yet: {topics}."),
    "VISIT_NOT_ARRIVED": ("工程师尚未到场。", "The engineer isn't there yet."),
    "KNOWLEDGE_NOT_OWED": ("该行业的上门服务没有讲授要求。", "Visits of this vertical owe no teaching."),
}  # fmt: skip
