"""Site safety and documents."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- safety and documents ----------------------------------------------------------------------------------
    "SITE_STATE_REFUSED": ("现场处于 {state} 状态,不能开工。", "The site is {state}, so it can't be opened."),
    "SITE_WITHOUT_PROJECT_MANAGER": ("现场没有项目部经理(安全第一责任人)。", "The site has no project manager, who is first responsible for safety."),
    "SITE_WITHOUT_SAFETY_OFFICER": ("现场没有专职安全员。", "The site has no full-time safety officer."),
    "SAFETY_SUPERVISION_MISSING": ("公司没有安全监督部。", "The company has no safety supervision."),
    "PRODUCTION_MANAGER_MISSING": ("公司没有主管生产经理。", "The company has no production manager."),
    "SAFETY_OFFICER_TAKEN": ("该专职安全员已在另一现场任职。", "This full-time safety officer serves on another site."),
    "SAFETY_ROLE_VACANT": ("没有人担任 {role}。", "Nobody holds the role {role}."),
    "HAZARD_STATE_REFUSED": ("隐患处于 {state} 状态,不能 {operation}。", "The hazard is {state}: {operation} isn't possible."),
    "HAZARD_NOT_RECTIFIED": ("隐患尚未整改({state}),不能 {operation}。", "The hazard is {state}, not rectified: {operation} isn't possible."),
    "HAZARD_NOT_VERIFIED": ("隐患整改尚未验收合格({state}),不能 {operation}。", "The hazard is {state}, not verified: {operation} isn't possible."),
    "DOCUMENT_SECRET": ("机密文件不得发给客户。", "A secret document is never sent to a customer."),
}  # fmt: skip
